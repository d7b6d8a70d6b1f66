// What every example needs first: where Comity is, a token, and somebody to edit. No client is used here, only fetch.
import assert from 'node:assert/strict';

export const url = process.env.COMITY_URL ?? 'http://127.0.0.1:8000/graphql';
const email = process.env.COMITY_EMAIL;
const password = process.env.COMITY_PASSWORD;

const SIGN_IN = `
  mutation SignIn($email: String!, $password: String!) {
    signIn(input: { email: $email, password: $password }) {
      ... on SignInPayload { token viewer { memberships { nation { id slug } } } }
      ... on UserError { code message }
    }
  }
`;

export async function ask(query, variables, token) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined);
  return data;
}

export async function signIn() {
  const { signIn: signed } = await ask(SIGN_IN, { email, password });
  assert.ok(signed.token, signed.message); // a refusal is data: it has a code and a message
  const [{ nation }] = signed.viewer.memberships;
  return { token: signed.token, nation };
}

export const RENAME = `
  mutation Rename($id: ID!, $employer: String!) {
    updateProfile(input: { profileId: $id, fields: { employer: $employer } }) {
      ... on UpdateProfilePayload { cursor profile { id version employer } }
      ... on UserError { code message }
    }
  }
`;

// An edit as another program makes it; gives where the nation's log stands after it.
export async function editElsewhere(token, id, employer) {
  const { updateProfile } = await ask(RENAME, { id, employer }, token);
  assert.equal(updateProfile.profile?.employer, employer, updateProfile.message);
  return updateProfile.cursor;
}

export const PEOPLE = `
  query People($slug: String!, $after: String) {
    nation(slug: $slug) {
      id
      profiles(first: 20, after: $after) {
        edges { node { id version employer } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;

export const CHANGES = `
  subscription Changes($nation: ID!, $after: EventCursor) {
    changes(nation: $nation, after: $after, topics: [PROFILES]) {
      cursor
      change {
        ... on NodeChanged { node { id ... on Profile { version employer } } }
        ... on NodeDeleted { deletedId }
        ... on StreamReset { reason resumeFrom }
      }
    }
  }
`;
