// Started as a process of its own; what it does is in supervisor.ts.
require('jiti').createJiti(__filename)('./supervisor.ts');
