<?php
// Asks a Vigie sidecar about a post. PHP 8, nothing to install. Run it: php vigie.php "some post"

const TIMEOUT_SECONDS = 1.0;

/**
 * The decision for a post: ["action" => "allow" | "note" | "review" | "hold" | "remove", …].
 *
 * null: the sidecar is overloaded, late or away. Whether the post is shown then is your choice: show
 * it and ask again later, or hold it back. Send the same `id` again: it counts once.
 */
function decide(array $post): ?array
{
    $headers = ["content-type: application/json"];
    if ($key = getenv("VIGIE_API_KEY")) { // only beyond loopback
        $headers[] = "authorization: Bearer $key";
    }
    $context = stream_context_create(["http" => [
        "method" => "POST",
        "header" => $headers,
        "content" => json_encode($post, JSON_THROW_ON_ERROR),
        "timeout" => TIMEOUT_SECONDS,
        "ignore_errors" => true,
    ]]);
    $vigie = getenv("VIGIE_URL") ?: "http://127.0.0.1:8080";
    $answer = @file_get_contents("$vigie/v1/decisions", false, $context);
    if ($answer === false) {
        return null;
    }
    $status = (int) explode(" ", $http_response_header[0])[1];
    if ($status === 503) {
        return null;
    }
    if ($status !== 200) { // a mistake of ours
        throw new RuntimeException("vigie: $status $answer");
    }
    return json_decode($answer, true, flags: JSON_THROW_ON_ERROR);
}

if (PHP_SAPI === "cli" && realpath($argv[0]) === __FILE__) {
    $text = implode(" ", array_slice($argv, 1));
    $decision = decide(["id" => uniqid("example-"), "text" => $text, "author" => "u1", "thread" => "t1", "community" => "c1"]);
    echo $decision ? $decision["action"] : "no answer: keep the post waiting", "\n";
}
