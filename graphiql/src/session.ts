/** Who is signed in on this page. Kept for the life of the browser tab, and nowhere else. */
import { useSyncExternalStore } from 'react';

export type Membership = { role: string; nation: { id: string; slug: string; name: string } };
export type Session = {
  who: string;
  authorization: string;
  expiresAt: string | null;
  memberships: Membership[];
};

const KEY = 'comity:session';
const ISSUED = 'comity:issued';
const listeners = new Set<() => void>();

function stored<T>(key: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

function hasExpired(session: Session): boolean {
  return session.expiresAt !== null && Date.parse(session.expiresAt) <= Date.now();
}

const issued = new Set<string>(stored<string[]>(ISSUED) ?? []);
let session: Session | null = stored<Session>(KEY);
if (session && hasExpired(session)) session = null;

export function currentSession(): Session | null {
  return session;
}

/** Whether this page put that authorization into the headers pane, and may therefore replace it. */
export function isOurs(authorization: string): boolean {
  return issued.has(authorization);
}

export function setSession(next: Session | null): void {
  session = next;
  if (next) issued.add(next.authorization);
  sessionStorage.setItem(KEY, JSON.stringify(next));
  sessionStorage.setItem(ISSUED, JSON.stringify([...issued]));
  listeners.forEach((listener) => listener());
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSession(): Session | null {
  return useSyncExternalStore(listen, currentSession);
}
