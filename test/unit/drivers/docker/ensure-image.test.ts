import { describe, expect, it } from 'vitest';
import { fakeDockerEngine, json, lines } from '../../../support/fake-docker-engine.ts';

describe('ensureImage', () => {
  const auth = { username: 'onedock', password: 'p', serveraddress: 'registry:5000' };

  it('pulls an image that the engine lacks, with its login', async () => {
    const { engine, asked } = fakeDockerEngine({
      'GET /images/x/json': json({ message: 'No such image' }, 404),
      'POST /images/create': lines({}),
    });
    await expect(engine.ensureImage('x', { login: async () => auth })).resolves.toBe(true);
    expect(asked.at(-1)?.headers['x-registry-auth']).toBeDefined();
  });

  it('asks for nothing more where the engine has it', async () => {
    const { engine, asked } = fakeDockerEngine({ 'GET /images/x/json': json({ Id: 'sha256:1' }) });
    const login = () => Promise.reject(new Error('Nobody is to log in.'));
    await expect(engine.ensureImage('x', { login })).resolves.toBe(false);
    expect(asked).toHaveLength(1);
  });
});
