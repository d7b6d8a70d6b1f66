// graphql-sse: the same over plain HTTP, each subscription a stream of events.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-sse';
import { CHANGES, PEOPLE, RENAME, editElsewhere, signIn, url } from './session.js';

const { token, nation } = await signIn();
const client = createClient({ url, headers: { Authorization: `Bearer ${token}` } });

async function once(query, variables) {
  for await (const { data, errors } of client.iterate({ query, variables })) {
    assert.equal(errors, undefined);
    return data;
  }
}

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

async function hear(employer) {
  for await (const { data } of client.iterate({ query: CHANGES, variables: { nation: nation.id, after: cursor } })) {
    cursor = data.changes.cursor;
    const { node } = data.changes.change;
    if (node?.id === id) shown.set(id, node);
    if (node?.employer === employer) return; // leaving the loop ends the stream
  }
}
const hearing = hear('Mill');
await editElsewhere(token, id, 'Mill');
await hearing;
await editElsewhere(token, id, 'School'); // while nobody listens
await hear('School');
assert.equal(shown.get(id).employer, 'School');

// A browser's EventSource goes on by itself, by the id of the last event; so does whoever sends that as a header.
const stream = await fetch(url, {
  method: 'POST',
  headers: {
    Authorization: `Bearer ${token}`,
    Accept: 'text/event-stream',
    'Content-Type': 'application/json',
    'Last-Event-ID': updateProfile.cursor,
  },
  body: JSON.stringify({ query: CHANGES, variables: { nation: nation.id } }),
});
let text = '';
for await (const bytes of stream.body) {
  text += new TextDecoder().decode(bytes);
  if (text.includes('"School"')) break;
}
assert.ok(text.indexOf('"Mill"') < text.indexOf('"School"'));
client.dispose();
console.log(`graphql-sse: ${people.length} people, and every change of ${id}`);
