// Apollo Client: one normalised cache, which queries, writes and events keep in step by the ids of things.
import assert from 'node:assert/strict';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { CHANGES, PEOPLE, RENAME, editElsewhere, signIn, url } from './session.js';

const { token, nation } = await signIn();
const socket = createClient({
  url: url.replace(/^http/, 'ws'),
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${token}` },
});
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    new HttpLink({ uri: url, headers: { Authorization: `Bearer ${token}` } }),
  ),
});

const people = [];
for (let after = null, more = true; more; ) {
  const { data } = await client.query({ query: gql(PEOPLE), variables: { slug: nation.slug, after } });
  people.push(...data.nation.profiles.edges.map((edge) => edge.node));
  ({ endCursor: after, hasNextPage: more } = data.nation.profiles.pageInfo);
}
assert.ok(people.length > 20);
const [first] = people;
const shown = () => client.cache.readFragment({ id: `Profile:${first.id}`, fragment: gql('fragment Shown on Profile { employer version }') });

// A write, shown before it is answered: what one expects stands in the cache until the answer takes its place.
const writing = client.mutate({
  mutation: gql(RENAME),
  variables: { id: first.id, employer: 'Harbour' },
  optimisticResponse: {
    updateProfile: {
      __typename: 'UpdateProfilePayload',
      cursor: null,
      profile: { __typename: 'Profile', id: first.id, version: first.version + 1, employer: 'Harbour' },
    },
  },
});
const expected = client.cache.readFragment({ id: `Profile:${first.id}`, fragment: gql('fragment Expected on Profile { employer }') }, true);
assert.equal(expected.employer, 'Harbour');
let { cursor } = (await writing).data.updateProfile;
assert.equal(shown().employer, 'Harbour');

// Events carry the things as they are now: the cache takes them in by itself.
const hear = (employer) =>
  new Promise((resolve, reject) => {
    const subscription = client.subscribe({ query: gql(CHANGES), variables: { nation: nation.id, after: cursor } }).subscribe({
      next: ({ data, error }) => {
        if (error) return reject(error);
        cursor = data.changes.cursor;
        if (data.changes.change.node?.employer === employer) {
          subscription.unsubscribe();
          resolve();
        }
      },
      error: reject,
    });
  });
const hearing = hear('Mill');
await editElsewhere(token, first.id, 'Mill');
await hearing;
socket.terminate(); // off the net
await editElsewhere(token, first.id, 'School');
await hear('School');
assert.equal(shown().employer, 'School');
await socket.dispose();
console.log(`Apollo Client: ${people.length} people, and every change of ${first.id}`);
