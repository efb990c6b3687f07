using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AmsMigration.Recommendations;

namespace AmsMigration.Parameters;

/// <summary>Offers the entities of version 2 that the catalogue that ships knows.</summary>
public sealed class VersionedEntityCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = (wordToComplete ?? "").Trim('\'', '"');
        return CatalogPath.ReadShipped().VersionGuide.Entities
            .Where(entity => entity.V2.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(entity => new CompletionResult(entity.V2, entity.V2, CompletionResultType.ParameterValue, entity.V3 ?? entity.Note ?? entity.V2));
    }
}
