/** The side panel in which one signs in, sees who one is, and picks a nation. */
import { Button, pick, useGraphiQL } from '@graphiql/react';
import { useState, type FormEvent } from 'react';
import { nationVariables } from './follow-session';
import { fieldsOf, withField } from './panes';
import { setSession, useSession, type Membership, type Session } from './session';
import { signInWithPassword, signInWithToken } from './sign-in';

export const PANEL_TITLE = 'Sign in';

export function KeyIcon(props: object) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" height="1em" {...props}>
      <circle cx="8" cy="15.5" r="4.5" />
      <path d="M11.3 12.2 20 3.5m-3.2 3.2 3 3m-6-0.2 2 2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

function SignInForm() {
  const [withToken, setWithToken] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const field = new FormData(event.currentTarget);
    const text = (name: string) => String(field.get(name) ?? '').trim();
    setBusy(true);
    setProblem('');
    try {
      setSession(
        await (withToken
          ? signInWithToken(text('token'))
          : signInWithPassword(text('email'), String(field.get('password')))),
      );
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  }

  return (
    <form className="comity-form" onSubmit={submit}>
      {withToken ? (
        <label>
          Access token
          <input name="token" type="password" autoComplete="off" required autoFocus />
        </label>
      ) : (
        <>
          <label>
            Email
            <input name="email" type="email" autoComplete="username" required autoFocus />
          </label>
          <label>
            Password
            <input name="password" type="password" autoComplete="current-password" required />
          </label>
        </>
      )}
      {problem && (
        <p className="comity-problem" role="alert">
          {problem}
        </p>
      )}
      <Button type="submit" className="comity-primary" disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </Button>
      <button type="button" className="comity-link" onClick={() => setWithToken(!withToken)}>
        {withToken ? 'Use email and password' : 'Use an access token instead'}
      </button>
    </form>
  );
}

function NationRow({ membership: { role, nation } }: { membership: Membership }) {
  const { variableEditor } = useGraphiQL(pick('variableEditor'));

  function use() {
    const text = variableEditor?.getValue() ?? '';
    const names = Object.entries(nationVariables(nation)).filter(([name]) => name in (fieldsOf(text) ?? {}));
    variableEditor?.setValue(names.reduce((edited, [name, value]) => withField(edited, name, value), text));
  }

  return (
    <li className="comity-nation">
      <div>
        <strong>{nation.name}</strong>
        <span>
          {nation.slug} · {role.toLowerCase()}
        </span>
      </div>
      <Button type="button" title="Write this nation into the Variables pane" onClick={use}>
        Use
      </Button>
    </li>
  );
}

function until(expiresAt: string): string {
  return new Date(expiresAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

function SignedIn({ session }: { session: Session }) {
  return (
    <>
      <div className="comity-who">
        <span className="comity-initial" aria-hidden="true">
          {session.who.charAt(0).toUpperCase()}
        </span>
        <div>
          <strong>{session.who}</strong>
          {session.expiresAt && <span>until {until(session.expiresAt)}</span>}
        </div>
        <Button type="button" onClick={() => setSession(null)}>
          Sign out
        </Button>
      </div>
      <h3 className="comity-heading">Nations</h3>
      {session.memberships.length ? (
        <ul className="comity-nations">
          {session.memberships.map((membership) => (
            <NationRow key={membership.nation.id} membership={membership} />
          ))}
        </ul>
      ) : (
        <p className="comity-note">None yet.</p>
      )}
    </>
  );
}

export function SessionPanel() {
  const session = useSession();
  return (
    <section className="comity-panel" aria-label={PANEL_TITLE}>
      <h2 className="comity-title">{session ? 'Signed in' : 'Sign in'}</h2>
      {session ? <SignedIn session={session} /> : <SignInForm />}
      <p className="comity-note">
        The token is written into the Headers pane of each tab and is sent with requests and subscriptions. It is kept
        for this browser tab only.
      </p>
    </section>
  );
}
