/** How long drivers wait for what a host or a registry is asked, in seconds, on machines that are no slower than usual. */
export const USUAL_TIMEOUTS = { connectSeconds: 10, commandSeconds: 60 } as const;
