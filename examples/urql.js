// urql: queries and mutations by fetch, subscriptions over a websocket.
import assert from 'node:assert/strict';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import { pipe, subscribe } from 'wonka';
import WebSocket from 'ws';
import { CHANGES, PEOPLE, RENAME, editElsewhere, signIn, url } from './session.js';

const { token, nation } = await signIn();
const socket = createClient({
  url: url.replace(/^http/, 'ws'),
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${token}` },
});
const client = new Client({
  url,
  preferGetMethod: false,
  fetchOptions: { headers: { Authorization: `Bearer ${token}` } },
  exchanges: [
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query, variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
});

const people = [];
for (let after = null, more = true; more; ) {
  const { data, error } = await client.query(PEOPLE, { slug: nation.slug, after }).toPromise();
  assert.equal(error, undefined);
  people.push(...data.nation.profiles.edges.map((edge) => edge.node));
  ({ endCursor: after, hasNextPage: more } = data.nation.profiles.pageInfo);
}
assert.ok(people.length > 20);
const [{ id }] = people;

// A write, shown before it is answered.
const shown = new Map(people.map((person) => [person.id, person]));
shown.set(id, { ...shown.get(id), employer: 'Harbour' });
const { data } = await client.mutation(RENAME, { id, employer: 'Harbour' }).toPromise();
shown.set(id, data.updateProfile.profile);
let cursor = data.updateProfile.cursor;

const hear = (employer) =>
  new Promise((resolve, reject) => {
    const { unsubscribe } = pipe(
      client.subscription(CHANGES, { nation: nation.id, after: cursor }),
      subscribe((result) => {
        if (result.error) return reject(result.error);
        cursor = result.data.changes.cursor;
        const { node } = result.data.changes.change;
        if (node?.id === id) shown.set(id, node);
        if (node?.employer === employer) {
          unsubscribe();
          resolve();
        }
      }),
    );
  });
const hearing = hear('Mill');
await editElsewhere(token, id, 'Mill');
await hearing;
socket.terminate(); // off the net
await editElsewhere(token, id, 'School');
await hear('School');
assert.equal(shown.get(id).employer, 'School');
await socket.dispose();
console.log(`urql: ${people.length} people, and every change of ${id}`);
