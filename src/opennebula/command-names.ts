/**
 * OpenNebula's commands that ONEDock has. The links of a front-end machine, the table of the program behind them and the
 * binaries of the npm package are all held against this list.
 */
export const COMMAND_NAMES = [
  'oneacct',
  'oneacl',
  'onecluster',
  'onedatastore',
  'onedb',
  'onegroup',
  'onehook',
  'onehost',
  'oneimage',
  'onemarket',
  'onemarketapp',
  'onesecgroup',
  'oneshowback',
  'onetemplate',
  'oneuser',
  'onevdc',
  'onevm',
  'onevmgroup',
  'onevnet',
  'onevntemplate',
  'onevrouter',
  'onezone',
] as const;

export type CommandName = (typeof COMMAND_NAMES)[number];
