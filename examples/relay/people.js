// What relay.js asks for. relay-compiler checks it against the schema and writes relay/__generated__; a bundler with Relay's
// plugin would let these stand where they are used.
import { graphql } from 'relay-runtime';

export const query = graphql`
  query peopleQuery($slug: String!, $after: String) {
    nation(slug: $slug) {
      id
      profiles(first: 20, after: $after) @connection(key: "people_profiles") {
        edges { node { id version employer } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;

export const rename = graphql`
  mutation peopleRenameMutation($id: ID!, $employer: String!) {
    updateProfile(input: { profileId: $id, fields: { employer: $employer } }) {
      ... on UpdateProfilePayload { cursor profile { id version employer } }
      ... on UserError { code message }
    }
  }
`;

export const changes = graphql`
  subscription peopleChangesSubscription($nation: ID!, $after: EventCursor) {
    changes(nation: $nation, after: $after, topics: [PROFILES]) {
      cursor
      change {
        ... on NodeChanged { node { id ... on Profile { version employer } } }
        ... on NodeDeleted { deletedId @deleteRecord }
        ... on StreamReset { reason resumeFrom }
      }
    }
  }
`;
