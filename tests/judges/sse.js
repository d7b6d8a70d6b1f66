// Hear a subscription through graphql-sse: `node sse.js URL TOKEN NATION AFTER COUNT`. Prints each event as a line of JSON.
// The stream is broken off after every second event, and begun anew from the last cursor by the client itself.
import { createClient } from 'graphql-sse';

const [url, token, nation, after, count] = process.argv.slice(2);
const query = 'subscription($nation: ID!, $after: EventCursor) { changes(nation: $nation, after: $after) { cursor topic } }';
let cursor = after;
for (let left = Number(count); left > 0; ) {
  const client = createClient({ url, headers: { Authorization: `Bearer ${token}` }, retryAttempts: 0 });
  let heard = 0;
  for await (const result of client.iterate({ query, variables: { nation, after: cursor } })) {
    console.log(JSON.stringify(result.data.changes));
    cursor = result.data.changes.cursor;
    left -= 1;
    heard += 1;
    if (heard === 2 || left === 0) break;
  }
  client.dispose();
}
