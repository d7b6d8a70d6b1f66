/** Keeps the panes of the tab in front in step with the session: its token, and blank names of a nation. */
import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import { authorizationKey, authorizationOf, fieldsOf, withField } from './panes';
import { isOurs, useSession, type Membership, type Session } from './session';

type Nation = Membership['nation'];

/** The variables of the default tabs that a nation answers. */
export function nationVariables(nation: Nation): Record<string, string> {
  return { slug: nation.slug, nation: nation.id };
}

/** A token that somebody typed stays; one of ours is replaced, and goes when the session ends. */
function headersFor(text: string, session: Session | null): string {
  const headers = fieldsOf(text);
  if (!headers) return text;
  const present = authorizationOf(headers);
  if (present === session?.authorization || (present && !isOurs(present))) return text;
  return withField(text, authorizationKey(headers), session?.authorization);
}

function variablesFor(text: string, session: Session | null): string {
  const nation = session?.memberships[0]?.nation;
  const blanks = Object.entries(fieldsOf(text) ?? {}).filter(([, value]) => value === '');
  if (!nation) return text;
  const known = nationVariables(nation);
  return blanks.reduce((edited, [name]) => (name in known ? withField(edited, name, known[name]) : edited), text);
}

type Pane = { getValue(): string; setValue(text: string): void } | undefined;

function rewrite(pane: Pane, edit: (text: string) => string): void {
  if (!pane) return;
  const before = pane.getValue();
  const after = edit(before);
  if (after !== before) pane.setValue(after);
}

export function FollowSession() {
  const session = useSession();
  const { introspect } = useGraphiQLActions();
  const { headerEditor, variableEditor, activeTabIndex, tabs } = useGraphiQL(
    pick('headerEditor', 'variableEditor', 'activeTabIndex', 'tabs'),
  );
  const tab = tabs[activeTabIndex]?.id;

  useEffect(() => {
    rewrite(headerEditor, (text) => headersFor(text, session));
    rewrite(variableEditor, (text) => variablesFor(text, session));
  }, [headerEditor, variableEditor, tab, session]);

  const seen = useRef(session);
  useEffect(() => {
    if (seen.current === session) return;
    seen.current = session;
    void introspect();
  }, [introspect, session]);

  return null;
}
