/** VM templates. */
import { NET, OS_IMAGE, TINY } from './objects.ts';
import { call } from './step.ts';

export const templates = [
  call(
    'template create',
    'one.template.allocate',
    `NAME="tiny"\nCPU="0.1"\nMEMORY="64"\nDISK=[IMAGE_ID="${OS_IMAGE}"]\nNIC=[NETWORK_ID="${NET}"]\nCONTEXT=[NETWORK="YES",SSH_PUBLIC_KEY="$USER[SSH_PUBLIC_KEY]",WHO="$NAME"]\nGRAPHICS=[TYPE="VNC",LISTEN="0.0.0.0"]`,
  ),
  call('template info', 'one.template.info', TINY, false, false),
  call('template extended', 'one.template.info', TINY, true, false),
  call('template update merge', 'one.template.update', TINY, 'LABELS="a,b"', 1),
  call('template info 2', 'one.template.info', TINY, false, false),
  call('template bad', 'one.template.allocate', 'NAME="x"\nCPU=['),
  call('template clone', 'one.template.clone', TINY, 'tiny2', false),
  call('template pool', 'one.templatepool.info', -2, -1, -1),
];
