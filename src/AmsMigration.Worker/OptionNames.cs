using System.CommandLine;
using System.Text.RegularExpressions;

namespace AmsMigration.Worker;

/// <summary>Messages name parameters of the cmdlets (<c>-WaitForOther</c>); here the same are options (<c>--wait-for-other</c>), or a variable of the environment.</summary>
internal static partial class OptionNames
{
    /// <summary>Chooses among several identities of the machine.</summary>
    public const string ClientIdVariable = "AZURE_CLIENT_ID";

    private static HashSet<string> _known = [];

    /// <summary>Takes notice of the options that there are; what looks like a parameter and is none of them stays as it is.</summary>
    public static void Know(RootCommand root) => _known = [.. root.Subcommands.SelectMany(command => command.Options).Select(option => option.Name)];

    /// <summary>A message, in any form, as this program says it.</summary>
    public static string Reword(string message) => Parameter().Replace(message, match =>
    {
        string option = "-" + Capital().Replace(match.Value.TrimStart('-'), letter => "-" + letter.Value.ToLowerInvariant());
        return option == "--client-id" ? ClientIdVariable : _known.Contains(option) ? option : match.Value;
    });

    [GeneratedRegex(@"(?<=[ (])-[A-Z][A-Za-z0-9]+\b", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();

    [GeneratedRegex("[A-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex Capital();
}
