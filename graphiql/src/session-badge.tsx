/** The top right corner: whose playground this is, and who is signed in. */
import { PANEL_TITLE } from './session-panel';
import { useSession } from './session';

/** GraphiQL shows a hidden side pane only from its own sidebar button, so that is what gets pressed. */
function openPanel() {
  document.querySelector<HTMLButtonElement>(`.graphiql-sidebar button[aria-label="Show ${PANEL_TITLE}"]`)?.click();
}

export function SessionBadge() {
  const session = useSession();
  return (
    <div className="comity-badge">
      <button type="button" data-signed-in={session !== null} onClick={openPanel}>
        {session ? session.who : 'Not signed in'}
      </button>
      <span className="comity-name">Comity</span>
    </div>
  );
}
