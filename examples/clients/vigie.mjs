// Asks a Vigie sidecar about a post. Node 18 or later, nothing to install.
// Run it: node vigie.mjs "some post"

const VIGIE = process.env.VIGIE_URL ?? "http://127.0.0.1:8080";
const KEY = process.env.VIGIE_API_KEY; // only beyond loopback

/**
 * The decision for a post: {action: "allow" | "note" | "review" | "hold" | "remove", …}.
 *
 * null: the sidecar is overloaded, late or away. Whether the post is shown then is your choice: show
 * it and ask again later, or hold it back. Send the same `id` again: it counts once.
 */
export async function decide(post, milliseconds = 1000) {
  const headers = { "content-type": "application/json" };
  if (KEY) headers.authorization = `Bearer ${KEY}`;
  let answer;
  try {
    answer = await fetch(`${VIGIE}/v1/decisions`, {
      method: "POST",
      headers,
      body: JSON.stringify(post),
      signal: AbortSignal.timeout(milliseconds),
    });
    if (answer.ok) return await answer.json();
  } catch {
    return null;
  }
  if (answer.status === 503) return null;
  throw new Error(`vigie: ${answer.status} ${await answer.text()}`); // a mistake of ours
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const text = process.argv.slice(2).join(" ");
  const decision = await decide({ id: `example-${Date.now()}`, text, author: "u1", thread: "t1", community: "c1" });
  console.log(decision ? decision.action : "no answer: keep the post waiting");
}
