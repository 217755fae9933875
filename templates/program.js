// The stack's name says what this applies: `pulumi up -s jellyfin`, `pulumi up -s shared`.
const { runStack } = require('lunward/pulumi');

module.exports = runStack(`${__dirname}/../cluster.ts`);
