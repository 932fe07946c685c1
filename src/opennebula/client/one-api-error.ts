import { API_CODE, type ApiCode } from '../numbers.ts';

/** OpenNebula refused a call. The message is its own, the method's name in front of it included. */
export class OneApiError extends Error {
  override name = 'OneApiError';
  /** One of `API_CODE`. */
  readonly code: number;
  /** As in `one.vm.info`. */
  readonly method: string;

  constructor(method: string, code: number, message: string) {
    super(message);
    this.method = method;
    this.code = code;
  }

  is(name: ApiCode): boolean {
    return this.code === API_CODE[name];
  }
}
