// Node's graphql-ws on ws, with a schema of the same size: what one writes by its documentation.
import http from 'node:http';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const schema = buildSchema(`
  type Stats { matched: Int! notFound: Int! ambiguous: Int! synced: Int! unreviewedChanges: Int! total: Int! }
  type StatsChanged { shareId: ID! stats: Stats! }
  type StatusChanged { shareId: ID! to: String! }
  union Change = StatsChanged | StatusChanged
  type ChangeEvent { cursor: String! at: String! topic: String! change: Change! }
  type Query { nothing: Boolean }
  type Subscription { share(id: ID!, after: String): ChangeEvent! }
`);

const subscribers = new Set();

function listen() {
  const waiting = [];
  let wake = null;
  const push = (value) => {
    if (wake) { wake({ value, done: false }); wake = null; } else { waiting.push(value); }
  };
  subscribers.add(push);
  return {
    [Symbol.asyncIterator]() { return this; },
    next: () => waiting.length
      ? Promise.resolve({ value: waiting.shift(), done: false })
      : new Promise((resolve) => { wake = resolve; }),
    return: async () => { subscribers.delete(push); return { value: undefined, done: true }; },
  };
}

const server = http.createServer((request, response) => {
  const number = Number(new URL(request.url, 'http://localhost').searchParams.get('number'));
  const stats = { matched: number, notFound: 0, ambiguous: 0, synced: 0, unreviewedChanges: 0, total: number };
  const change = {
    __typename: 'StatsChanged', shareId: 'VGFnU2hhcmU6MDE5YWJjZGUtZjAxMi03MzQ1LTg5YWItY2RlZjAxMjM0NTY3', stats,
  };
  const event = { cursor: String(number).padStart(23, '0'), at: new Date().toISOString(), topic: 'SHARES', change };
  const at = process.hrtime.bigint();
  for (const push of subscribers) push({ share: event });
  response.setHeader('content-type', 'application/json');
  response.end(`{"at": ${at}}`);
});
const sockets = new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false });
useServer({ schema, roots: { subscription: { share: () => listen() } } }, sockets);
server.listen(Number(process.argv[2]), '127.0.0.1', 4096);
