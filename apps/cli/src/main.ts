#!/usr/bin/env node
import { examine } from './doctor/examine.js';
import { openRecompute } from './recompute/open-recompute.js';
import { runProgram } from './program.js';
import { startEmbedded } from './system.js';
import { processTerminal } from './terminal.js';

const code = await runProgram(process.argv.slice(2), {
  terminal: processTerminal(),
  startSystem: startEmbedded,
  recompute: openRecompute,
  examine,
});
if (code !== null) process.exitCode = code;
