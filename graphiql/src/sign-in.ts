/** Opening a session: with email and password, or with a token made on the command line. */
import type { ExecutionResult } from 'graphql';
import signInMutation from './operations/sign-in.graphql?raw';
import whoAmIQuery from './operations/who-am-i.graphql?raw';
import type { Membership, Session } from './session';
import { post } from './transport';

type Viewer = { user: { id: string } | null; memberships: Membership[] };
type SignIn = { signIn: { token: string; expiresAt: string | null; viewer: Viewer } | { message: string; code: string } };

function dataOf<T>(result: ExecutionResult): T {
  if (result.errors?.length) throw new Error(result.errors.map((error) => error.message).join('\n'));
  return result.data as T;
}

export async function signInWithPassword(email: string, password: string): Promise<Session> {
  const result = await post({ query: signInMutation, operationName: 'SignIn', variables: { email, password } });
  const { signIn } = dataOf<SignIn>(result);
  if (!('token' in signIn)) throw new Error(signIn.message);
  const { token, expiresAt, viewer } = signIn;
  return { who: email, authorization: `Bearer ${token}`, expiresAt, memberships: viewer.memberships };
}

export async function signInWithToken(token: string): Promise<Session> {
  const authorization = `Bearer ${token.replace(/^bearer\s+/i, '')}`;
  const result = await post({ query: whoAmIQuery, operationName: 'WhoAmI' }, { authorization });
  const { viewer } = dataOf<{ viewer: Viewer | null }>(result);
  if (!viewer) throw new Error('The server knows no such token.');
  const who = viewer.user ? 'Access token' : `Token of ${viewer.memberships.map((m) => m.nation.slug).join(', ')}`;
  return { who, authorization, expiresAt: null, memberships: viewer.memberships };
}
