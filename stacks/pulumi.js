// The stack's name says what this applies: `pulumi up --stack jellyfin`, `pulumi up --stack shared`.
module.exports = require('lunward/pulumi').runStack(`${__dirname}/cluster.ts`);
