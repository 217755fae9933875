// The stack's name selects what is applied: `pulumi up --stack jellyfin`, `pulumi up --stack shared`.
module.exports = require('lunward/pulumi').runStack(`${__dirname}/cluster.ts`);
