// Read and hear through urql, all of its transports being fetch: `node urql.js URL TOKEN NATION AFTER COUNT`. Prints the
// query's answer and each event as a line of JSON.
import { Client, fetchExchange } from '@urql/core';
import { pipe, subscribe } from 'wonka';

const [url, token, nation, after, count] = process.argv.slice(2);
const client = new Client({
  url,
  exchanges: [fetchExchange],
  fetchSubscriptions: true,
  preferGetMethod: false,
  fetchOptions: { headers: { Authorization: `Bearer ${token}` } },
});

const answer = await client.query('query Typename { __typename }', {}).toPromise();
console.log(JSON.stringify(answer.data));

const query = 'subscription($nation: ID!, $after: EventCursor) { changes(nation: $nation, after: $after) { cursor topic } }';
let left = Number(count);
await new Promise((resolve, reject) => {
  const { unsubscribe } = pipe(
    client.subscription(query, { nation, after }),
    subscribe((result) => {
      if (result.error) return reject(result.error);
      console.log(JSON.stringify(result.data.changes));
      left -= 1;
      if (left === 0) {
        unsubscribe();
        resolve();
      }
    }),
  );
});
process.exit(0);
