using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AmsMigration.Conversion;

namespace AmsMigration.Parameters;

/// <summary>Offers the tokens of a path template behind what is typed already.</summary>
public sealed class PathTemplateCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = (wordToComplete ?? "").Trim('\'', '"');
        int brace = typed.LastIndexOf('{');
        bool inToken = brace >= 0 && typed.IndexOf('}', brace) < 0;
        string before = inToken ? typed.Substring(0, brace) : typed;
        string begun = inToken ? typed.Substring(brace) : "{";
        foreach (string token in PathTemplate.Tokens.Where(token => token.StartsWith(begun, StringComparison.OrdinalIgnoreCase)))
        {
            yield return new CompletionResult($"'{before}{token}'", token, CompletionResultType.ParameterValue, token);
        }
    }
}
