// Relay: its store takes in pages, writes and events by the ids of things. `npx relay-compiler` first.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import relay from 'relay-runtime';
import WebSocket from 'ws';
import peopleQuery from './relay/__generated__/peopleQuery.graphql.js';
import renameMutation from './relay/__generated__/peopleRenameMutation.graphql.js';
import changesSubscription from './relay/__generated__/peopleChangesSubscription.graphql.js';
import { editElsewhere, signIn, url } from './session.js';

const { Environment, Network, Observable, RecordSource, Store } = relay;
const { commitMutation, createOperationDescriptor, fetchQuery, requestSubscription } = relay;

const { token, nation } = await signIn();
const socket = createClient({
  url: url.replace(/^http/, 'ws'),
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${token}` },
});
const environment = new Environment({
  store: new Store(new RecordSource()),
  network: Network.create(
    async ({ text }, variables) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: text, variables }),
      });
      return answer.json();
    },
    ({ text }, variables) => Observable.create((sink) => socket.subscribe({ query: text, variables }, sink)),
  ),
});

// Each page is joined to those before it: it is one connection in the store.
const operation = createOperationDescriptor(peopleQuery, { slug: nation.slug, after: null });
environment.retain(operation);
const people = () => environment.lookup(operation.fragment).data.nation.profiles.edges.map((edge) => edge.node);
for (let after = null, more = true; more; ) {
  const { profiles } = (await fetchQuery(environment, peopleQuery, { slug: nation.slug, after }).toPromise()).nation;
  ({ endCursor: after, hasNextPage: more } = profiles.pageInfo);
}
assert.ok(people().length > 20);
const [{ id }] = people();
const shown = () => people().find((person) => person.id === id).employer;

// A write, shown before it is answered.
let cursor = await new Promise((resolve, reject) => {
  commitMutation(environment, {
    mutation: renameMutation,
    variables: { id, employer: 'Harbour' },
    optimisticUpdater: (store) => store.get(id).setValue('Harbour', 'employer'),
    onCompleted: ({ updateProfile }) => resolve(updateProfile.cursor),
    onError: reject,
  });
  assert.equal(shown(), 'Harbour');
});
assert.equal(shown(), 'Harbour');

const hear = (employer) =>
  new Promise((resolve, reject) => {
    const subscription = requestSubscription(environment, {
      subscription: changesSubscription,
      variables: { nation: nation.id, after: cursor },
      onNext: ({ changes }) => {
        cursor = changes.cursor;
        if (changes.change.node?.employer === employer) {
          subscription.dispose();
          resolve();
        }
      },
      onError: reject,
    });
  });
const hearing = hear('Mill');
await editElsewhere(token, id, 'Mill');
await hearing;
assert.equal(shown(), 'Mill');
socket.terminate(); // off the net
await editElsewhere(token, id, 'School');
await hear('School');
assert.equal(shown(), 'School');
await socket.dispose();
console.log(`Relay: ${people().length} people, and every change of ${id}`);
