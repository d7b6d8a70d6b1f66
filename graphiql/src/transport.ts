/** How operations reach the server: POST for queries and mutations, graphql-transport-ws for subscriptions. */
import type { Fetcher, FetcherParams, Observable } from '@graphiql/toolkit';
import { getOperationAST, type DocumentNode, type ExecutionResult } from 'graphql';
import { createClient, type Client, type Sink } from 'graphql-ws';
import { authorizationOf, type Fields } from './panes';
import { currentSession } from './session';

/** The page is served at …/graphql, and so is the API. */
const ENDPOINT = new URL('graphql', location.href);
const SOCKET = new URL(ENDPOINT);
SOCKET.protocol = SOCKET.protocol === 'https:' ? 'wss:' : 'ws:';

const ACCEPT = 'application/graphql-response+json, application/json;q=0.9';

/** An error that GraphiQL shows by its message alone; the stack of a bundled page tells nobody anything. */
function trouble(message: string): Error {
  const error = new Error(message);
  delete error.stack;
  return error;
}

export async function post(params: FetcherParams, headers: Fields = {}): Promise<ExecutionResult> {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: { accept: ACCEPT, 'content-type': 'application/json', ...(headers as Record<string, string>) },
    body: JSON.stringify(params),
  }).catch((reason: Error) => Promise.reject(trouble(`No answer from the server: ${reason.message}`)));
  const text = await response.text();
  try {
    return JSON.parse(text) as ExecutionResult;
  } catch {
    throw trouble(`The server answered ${response.status} ${response.statusText}: ${text.slice(0, 500)}`);
  }
}

let socket: { authorization: string | undefined; client: Client } | undefined;

/** One socket for one identity: another authorization header means another socket. */
function socketFor(authorization: string | undefined): Client {
  if (!socket || socket.authorization !== authorization) {
    void socket?.client.dispose();
    socket = {
      authorization,
      client: createClient({
        url: SOCKET.href,
        connectionParams: authorization ? { authorization } : undefined,
        retryAttempts: 0,
      }),
    };
  }
  return socket.client;
}

/** GraphQL errors are shown as the server sent them; a closed socket says nothing readable by itself. */
function readable(reason: unknown): unknown {
  if (!(reason instanceof CloseEvent)) return reason;
  const refused = reason.code === 4401 || reason.code === 4403;
  const why = refused ? 'the server refused these headers' : 'the connection was closed';
  return trouble(`Subscription ended: ${why} (${[reason.code, reason.reason].filter(Boolean).join(' ')})`);
}

function subscribe(params: FetcherParams, headers: Fields | undefined): Observable<ExecutionResult> {
  const client = socketFor(authorizationOf(headers));
  return {
    subscribe: (sink: Sink<unknown>) => ({
      unsubscribe: client.subscribe(params, { ...sink, error: (reason) => sink.error(readable(reason)) }),
    }),
  } as Observable<ExecutionResult>;
}

function isSubscription(document: DocumentNode | undefined, operationName: string | null | undefined): boolean {
  return document !== undefined && getOperationAST(document, operationName)?.operation === 'subscription';
}

/** GraphiQL asks for the schema before its headers pane exists, hence the session's own token there. */
export const fetcher: Fetcher = (params, options) => {
  if (isSubscription(options?.documentAST, params.operationName)) return subscribe(params, options?.headers);
  const session = currentSession();
  const fallback = params.operationName === 'IntrospectionQuery' && session ? { authorization: session.authorization } : {};
  return post(params, options?.headers ?? fallback);
};
