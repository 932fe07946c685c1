import { describe, expect, it } from 'vitest';
import {
  baseImages,
  parseDockerfile,
  resolveBases,
} from '../../../../../src/drivers/datastore/onedock/build/dockerfile.ts';

describe('baseImages', () => {
  it.each([
    ['one', 'FROM alpine:3\nRUN true', ['alpine:3']],
    ['one in small letters, on another platform, with a name', 'from --platform=linux/amd64 alpine as a', ['alpine']],
    ['each once', 'FROM alpine AS a\nFROM alpine', ['alpine']],
    ['those that are copied from', 'FROM scratch\nCOPY --from=nginx:1 --chown=0 /a /b', ['nginx:1']],
    ['no stage', 'FROM alpine AS Build\nFROM build\nCOPY --from=build /a /a\nCOPY --from=0 /a /b', ['alpine']],
    ['no stage that comes later', 'FROM next\nFROM alpine AS next', ['next', 'alpine']],
    ['what ARG says', `ARG V=3\nARG N=alpine:$V\nFROM \${N}`, ['alpine:3']],
    ['quoted defaults', 'ARG N="alpine" V=\'3\'\nFROM $N:$V', ['alpine:3']],
    ['defaults of the place', `FROM alpine:\${V:-3}`, ['alpine:3']],
    ['alternatives', `ARG S=x\nFROM alpine\${S:+-slim}`, ['alpine-slim']],
    ['none of an ARG within a stage', `FROM a\nARG N=b\nFROM \${N:-c}`, ['a', 'c']],
    ['what stands on several lines', 'FROM \\\n# really\n\n alpine', ['alpine']],
    ['behind another escape character', '# escape=`\nFROM `\n alpine\nRUN dir c:\\\nRUN b', ['alpine']],
  ])('names %s', (_, text, names) => {
    expect(baseImages(text, {})).toEqual(names);
  });

  it('takes the values that are given before the defaults', () => {
    expect(baseImages('ARG V=3\nARG W\nFROM a:$V-$W', { V: '4', W: 'x' })).toEqual(['a:4-x']);
  });
});

describe('resolveBases', () => {
  it('puts other names in place of the images, a label after each, and leaves the rest alone', () => {
    const text = [
      '# a comment',
      'ARG V=3',
      'FROM --platform=$BUILDPLATFORM alpine:$V AS build',
      'RUN echo \\',
      '  FROM alpine',
      'FROM scratch',
      'COPY --from=build /a /a',
      'COPY --from=nginx /b /b',
      'CMD ["FROM alpine"]',
    ].join('\n');
    const bases = new Map([
      ['alpine:3', 'registry:5000/base@sha256:1'],
      ['nginx', 'registry:5000/other@sha256:2'],
    ]);
    expect(resolveBases(text, { args: {}, bases, label: { mine: '7' } })).toBe(`# a comment
ARG V=3
FROM registry:5000/base@sha256:1 AS build
LABEL mine="7"
RUN echo \\
  FROM alpine
FROM scratch
LABEL mine="7"
COPY --from=build /a /a
COPY --from=registry:5000/other@sha256:2 /b /b
CMD ["FROM alpine"]
`);
  });
});

describe('parseDockerfile', () => {
  it('loses no line', () => {
    const text = '# syntax=x\n\nFROM a\r\nRUN b \\\n\n# c\n d\nCMD e';
    expect(
      parseDockerfile(text)
        .map((instruction) => instruction.text)
        .join('\n'),
    ).toBe(text.replaceAll('\r', ''));
    expect(parseDockerfile(text).flatMap(({ keyword }) => keyword || [])).toEqual(['FROM', 'RUN', 'CMD']);
  });
});
