/** How many times slower this machine is than those that tests are written for, as an emulated one is. */
export const PATIENCE = Number(process.env.ONEDOCK_TEST_PATIENCE ?? 1);
