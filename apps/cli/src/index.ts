export { runDemo, type DemoOptions, type DemoResult, type DemoSummary } from './demo/run-demo.js';
export { runProgram, type Parts } from './program.js';
