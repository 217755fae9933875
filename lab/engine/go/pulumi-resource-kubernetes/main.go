// Command pulumi-resource-kubernetes serves the published Kubernetes provider.
//
// Upstream's own main embeds files that its build generates and its module
// does not hold, so a module proxy can't deliver a buildable one.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var terraformMapping []byte

func main() {
	provider.Serve("kubernetes", version.Version, schema, terraformMapping)
}
