using System.CommandLine;
using System.CommandLine.Parsing;

namespace AmsMigration.Worker;

/// <summary>What arguments have in common that they must not be. What breaks a rule is said with the usage.</summary>
internal static class Rules
{
    /// <summary>An empty word is a variable that a script did not set: as a path, "" is none, and " " is a folder that nobody meant.</summary>
    public static void NeedText(params IEnumerable<Symbol> symbols)
    {
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                argument.Validators.Add(result => Check(result, argument.Name));
            }
            else if (symbol is Option option)
            {
                option.Validators.Add(result => Check(result, option.Name));
            }
        }

        static void Check(SymbolResult result, string name)
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            {
                result.AddError($"{name} is empty.");
            }
            else if (result.Tokens.Any(token => token.Value.Contains('\0', StringComparison.Ordinal)))
            {
                result.AddError($"{name} has a NUL character in it.");
            }
        }
    }

    /// <summary>The names that there are; the parser takes any number for one, too.</summary>
    public static void NeedName<T>(Option<T> option)
        where T : struct, Enum => option.Validators.Add(result =>
    {
        if (result.Tokens.Any(token => !Enum.GetNames<T>().Contains(token.Value, StringComparer.OrdinalIgnoreCase)))
        {
            result.AddError($"{option.Name} is one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    });

    /// <param name="what">The range in words.</param>
    public static void NeedSeconds(Option<double> option, double shortest, double longest, string what) => option.Validators.Add(result =>
    {
        double seconds = result.GetValueOrDefault<double>();
        if (!(seconds >= shortest && seconds <= longest))
        {
            result.AddError($"{option.Name} takes seconds{what}.");
        }
    });
}
