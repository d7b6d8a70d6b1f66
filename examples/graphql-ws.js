// graphql-ws: everything over one websocket, which comes back by itself and has missed nothing.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { CHANGES, PEOPLE, RENAME, editElsewhere, signIn, url } from './session.js';

const { token, nation } = await signIn();
const client = createClient({
  url: url.replace(/^http/, 'ws'),
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${token}` },
});

async function once(query, variables) {
  for await (const { data, errors } of client.iterate({ query, variables })) {
    assert.equal(errors, undefined);
    return data;
  }
}

// Page by page, to the end.
const people = [];
for (let after = null, more = true; more; ) {
  const { profiles } = (await once(PEOPLE, { slug: nation.slug, after })).nation;
  people.push(...profiles.edges.map((edge) => edge.node));
  ({ endCursor: after, hasNextPage: more } = profiles.pageInfo);
}
assert.ok(people.length > 20);
const [{ id }] = people;

// A write, shown before it is answered.
const shown = new Map(people.map((person) => [person.id, person]));
shown.set(id, { ...shown.get(id), employer: 'Harbour' });
const { updateProfile } = await once(RENAME, { id, employer: 'Harbour' });
shown.set(id, updateProfile.profile);
let cursor = updateProfile.cursor;

// The cursor of the last event is where to go on: kept by the listener, given anew with every subscription.
async function hear(employer) {
  for await (const { data } of client.iterate({ query: CHANGES, variables: { nation: nation.id, after: cursor } })) {
    cursor = data.changes.cursor;
    const { node } = data.changes.change;
    if (node?.id === id) {
      shown.set(id, node);
      if (node.employer === employer) return;
    }
  }
}
const hearing = hear('Mill');
await editElsewhere(token, id, 'Mill');
await hearing;
client.terminate(); // off the net
await editElsewhere(token, id, 'School');
await hear('School');
assert.equal(shown.get(id).employer, 'School');
await client.dispose();
console.log(`graphql-ws: ${people.length} people, and every change of ${id}`);
