# Asks a Vigie sidecar about a post. Standard library only. Run it: ruby vigie.rb "some post"

require "json"
require "net/http"

VIGIE = URI(ENV.fetch("VIGIE_URL", "http://127.0.0.1:8080"))
KEY = ENV["VIGIE_API_KEY"] # only beyond loopback

# The decision for a post: {"action" => "allow" | "note" | "review" | "hold" | "remove", ...}.
#
# nil: the sidecar is overloaded, late or away. Whether the post is shown then is your choice: show
# it and ask again later, or hold it back. Send the same `id` again: it counts once.
def decide(post, seconds: 1)
  headers = { "content-type" => "application/json" }
  headers["authorization"] = "Bearer #{KEY}" if KEY
  options = { use_ssl: VIGIE.scheme == "https", open_timeout: seconds, read_timeout: seconds, max_retries: 0 }
  answer = Net::HTTP.start(VIGIE.host, VIGIE.port, options) do |http|
    http.post("/v1/decisions", JSON.generate(post), headers)
  end
  case answer
  when Net::HTTPSuccess then JSON.parse(answer.body)
  when Net::HTTPServiceUnavailable then nil
  else raise "vigie: #{answer.code} #{answer.body}" # a mistake of ours
  end
rescue SystemCallError, IOError, Timeout::Error
  nil
end

if $PROGRAM_NAME == __FILE__
  post = { id: "example-#{Process.clock_gettime(Process::CLOCK_REALTIME, :nanosecond)}", text: ARGV.join(" "), author: "u1", thread: "t1", community: "c1" }
  decision = decide(post)
  puts decision ? decision["action"] : "no answer: keep the post waiting"
end
