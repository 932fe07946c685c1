/**
 * Node's HTTP, not imported: an import reads all that the module exports, WebSocket too, and loads undici for it. That is 20 ms of
 * every start, a third of the time of a command of the shell and a fifth of that of a driver action.
 */
export const http = process.getBuiltinModule('node:http');

export const httpFor = ({ protocol }: URL) => (protocol === 'https:' ? process.getBuiltinModule('node:https') : http);
