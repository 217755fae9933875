// The stack's name selects what is applied: `pulumi up -s jellyfin`, `pulumi up -s shared`.
const { runStack } = require('lunward/pulumi');

module.exports = runStack(`${__dirname}/../cluster.ts`);
