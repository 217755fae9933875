// The stack's name says what this applies: `pulumi up -s jellyfin`, `pulumi up -s shared`.
module.exports = require('lunward/pulumi').runStack(`${__dirname}/cluster.ts`);
