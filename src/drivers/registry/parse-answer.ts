import { fail } from './errors.ts';

/** How much of what is no JSON is shown: enough to know a web page by. */
const SHOWN_CHARACTERS = 60;

/** A document that a registry sent, in the form that its type promises. @throws REGISTRY_ANSWER_UNREADABLE */
export function parseAnswer<Document>(body: Buffer, server: string): Document {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    const found = text.slice(0, SHOWN_CHARACTERS).replaceAll(/\s+/g, ' ').trim();
    throw fail('REGISTRY_ANSWER_UNREADABLE', { server, found }, error);
  }
}
