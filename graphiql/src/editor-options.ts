/** Long lines wrap, so that tokens and comments are read whole and no editor scrolls sideways. */
import { pick, useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';

const OPTIONS = { wordWrap: 'on', fontSize: 14 } as const;

export function EditorOptions() {
  const { queryEditor, variableEditor, headerEditor, responseEditor } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'headerEditor', 'responseEditor'),
  );
  useEffect(() => {
    for (const editor of [queryEditor, variableEditor, headerEditor, responseEditor]) editor?.updateOptions(OPTIONS);
  }, [queryEditor, variableEditor, headerEditor, responseEditor]);
  return null;
}
