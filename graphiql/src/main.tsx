import { explorerPlugin } from '@graphiql/plugin-explorer';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { EditorOptions } from './editor-options';
import { FollowSession } from './follow-session';
import { currentSession } from './session';
import { SessionBadge } from './session-badge';
import { KeyIcon, PANEL_TITLE, SessionPanel } from './session-panel';
import './style.css';
import { TABS } from './tabs';
import { fetcher } from './transport';
import './workers';

const SIGN_IN = { title: PANEL_TITLE, icon: KeyIcon, content: SessionPanel };
const PLUGINS = [SIGN_IN, explorerPlugin({}), HISTORY_PLUGIN];
const FIRST_PANEL = currentSession() ? undefined : SIGN_IN;

function Page() {
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={PLUGINS}
      visiblePlugin={FIRST_PANEL}
      defaultTabs={TABS}
      defaultEditorToolsVisibility="variables"
      shouldPersistHeaders={false}
      schemaDescription
      inputValueDeprecation
    >
      <GraphiQL.Logo>
        <SessionBadge />
      </GraphiQL.Logo>
      <FollowSession />
      <EditorOptions />
    </GraphiQL>
  );
}

/** Monaco measures its font once, when an editor is made: have it there by then. */
async function start() {
  await document.fonts.load('14px "Fira Code"');
  createRoot(document.getElementById('graphiql')!).render(<Page />);
}

void start();
