using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AmsMigration.Parameters;

/// <summary>Offers the names that are usual for manifests; a player's URL often ends with one of them.</summary>
public sealed class ManifestNameCompleter : IArgumentCompleter
{
    private static readonly string[] Usual = ["index", "manifest", "master", "stream"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Usual
            .Where(name => name.StartsWith((wordToComplete ?? "").Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(name));
}
