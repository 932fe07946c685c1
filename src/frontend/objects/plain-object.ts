/** Objects of which only head, permissions and template matter here: kinds that are listed but not worked with. */
import type { LockableRecord, OwnedRecord, TemplateRecord } from './record.ts';

export interface PlainObject extends OwnedRecord, LockableRecord, TemplateRecord {}
