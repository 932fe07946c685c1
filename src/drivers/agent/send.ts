import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Destination } from './configuration.ts';
import { type AgentMessage, printMessage } from './message.ts';

export type Send = (message: AgentMessage) => Promise<void>;

/** A datagram holds 65,507 bytes at most. */
const LARGEST_DATAGRAM = 60_000;
const TIMEOUT_MS = 10_000;

/** How an agent speaks to monitord: states of VMs, and what no datagram holds, over TCP; the rest over UDP. */
export async function openSender({ address, port, publicKeyFile }: Destination, hostId: number): Promise<Send> {
  const [{ address: ip, family }, publicKey] = await Promise.all([
    lookup(address),
    publicKeyFile === undefined ? undefined : readFile(publicKeyFile, 'utf8'),
  ]);
  const key = publicKey === undefined ? {} : { publicKey };
  return async (message) => {
    const line = Buffer.from(printMessage(message, { hostId, epoch: Math.floor(Date.now() / 1000), ...key }));
    const isForTcp = message.type === 'STATE_VM' || line.length > LARGEST_DATAGRAM;
    await (isForTcp ? sendByTcp(line, ip, port) : sendByUdp(line, ip, port, family === 6 ? 'udp6' : 'udp4'));
  };
}

/** One connection is one message, which its end ends. */
function sendByTcp(line: Buffer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS }, () => socket.end(line));
    socket.on('timeout', () => socket.destroy(new Error(`monitord at ${host}:${port} does not answer.`)));
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
  });
}

function sendByUdp(line: Buffer, host: string, port: number, family: 'udp4' | 'udp6'): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(family).on('error', reject);
    socket.send(line, port, host, (error) => {
      socket.close();
      if (error) reject(error);
      else resolve();
    });
  });
}
