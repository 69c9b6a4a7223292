-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `bb_users`;
CREATE TABLE `bb_users` (
  `user_id` int unsigned NOT NULL AUTO_INCREMENT,
  `user_type` tinyint NOT NULL DEFAULT '0',
  `username` varchar(255) NOT NULL DEFAULT '',
  PRIMARY KEY (`user_id`)
) ENGINE=InnoDB;
INSERT INTO `bb_users` VALUES (1,2,'Anonymous'),(2,0,'ana'),(3,0,'Zo\'é &amp; co');
-- what the board's owner said; nothing (at all)
CREATE TABLE `bb_posts` (
  `post_id` int unsigned NOT NULL AUTO_INCREMENT,
  `topic_id` int unsigned NOT NULL DEFAULT '0',
  `forum_id` mediumint unsigned NOT NULL DEFAULT '0',
  `poster_id` int unsigned NOT NULL DEFAULT '0',
  `post_time` int unsigned NOT NULL DEFAULT '0',
  `post_visibility` tinyint NOT NULL DEFAULT '0' COMMENT 'one; two (2)',
  `post_username` varchar(255) NOT NULL DEFAULT '',
  `post_subject` varchar(255) NOT NULL DEFAULT '',
  `post_text` mediumtext NOT NULL,
  `bbcode_uid` varchar(8) NOT NULL DEFAULT '',
  `post_edit_count` smallint unsigned NOT NULL DEFAULT '0',
  PRIMARY KEY (`post_id`),
  KEY `topic_id` (`topic_id`)
) ENGINE=InnoDB;
LOCK TABLES `bb_posts` WRITE;
INSERT INTO `bb_posts` VALUES (1,1,2,2,1772366400,1,'','Tomatoes &amp; co','<t>We met (at noon); it''s late.<br/>\nSecond \"line\"</t>','',0),(2,1,2,3,1772366460,1,'','Re: Tomatoes &amp; co','[quote=&quot;ana&quot;:1x2y3z4a]old[/quote:1x2y3z4a] [b:1x2y3z4a]Né[/b:1x2y3z4a] à Lyon <!-- s:) --><img src=\"{SMILIES_PATH}/s.gif\" alt=\":)\" /><!-- s:) -->','1x2y3z4a',2),
(3,1,2,1,1772366520,1,'A guest','','<r><B><s>[b]</s>Loud<e>[/b]</e></B> &lt;3</r>','',0),(4,1,2,9,1772366580,2,'','','Taken away.','',0);
INSERT INTO `bb_posts` VALUES (5,1,2,9,1772366640,1,'','','','',0);
INSERT INTO `bb_posts` VALUES (6,1,2,9,1772366700,1,'','too few');
UNLOCK TABLES;
INSERT INTO `bb_privmsgs` VALUES (1,'a secret; (not ours)');
INSERT INTO `bb_posts` (`post_text`, `post_id`) VALUES ('Other columns, un été.', 7);
-- Dump completed
