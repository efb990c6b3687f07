using System.Text.RegularExpressions;
using AmsMigration.TestSupport;

namespace AmsMigration.KeyService.Tests;

/// <summary>The template for Container Apps and the service know each other.</summary>
public sealed partial class TemplateTests
{
    private static readonly string _template = Read("main.bicep");

    [Fact]
    public void Every_variable_that_the_template_sets_is_one_that_the_service_reads()
    {
        HashSet<string> known = [.. KeyServiceCommand.Create().Options.Select(option => KeyServiceCommand.VariableOf(option.Name)), KeyServiceCommand.PassphraseVariable];

        string[] set = [.. Variable().Matches(_template).Select(match => match.Value).Distinct()];

        Assert.InRange(set.Length, 5, known.Count);
        Assert.Subset(known, set.ToHashSet());
    }

    [Fact]
    public void Its_parameters_are_given_where_they_have_no_default_and_there_are_no_others()
    {
        Match[] parameters = Parameter().Matches(_template).ToArray();
        string[] given = [.. Parameter().Matches(Read("main.bicepparam")).Select(match => match.Groups["name"].Value)];

        Assert.Subset(parameters.Select(match => match.Groups["name"].Value).ToHashSet(), given.ToHashSet());
        Assert.Subset(given.ToHashSet(), parameters.Where(match => !match.Groups["default"].Success).Select(match => match.Groups["name"].Value).ToHashSet());
    }

    /// <summary>What the probes ask is what the service answers, at the port that the image listens at.</summary>
    [Fact]
    public async Task Its_probes_ask_what_the_service_answers()
    {
        await using Service service = await Service.StartAsync(Policies.Of(Policies.Open()));
        string[] paths = [.. Path().Matches(_template).Select(match => match.Groups["path"].Value)];

        Assert.Equal(3, paths.Length);
        foreach (string path in paths)
        {
            Assert.True((await service.Client.GetAsync(path)).IsSuccessStatusCode, path);
        }

        string image = File.ReadAllText(System.IO.Path.Combine(Repository.Root, "src", "AmsMigration.KeyService", "Dockerfile"));
        Assert.Contains("EXPOSE 8080", image, StringComparison.Ordinal);
        Assert.Contains("targetPort: 8080", _template, StringComparison.Ordinal);
    }

    [GeneratedRegex("KEYSERVICE_[A-Z_]+")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^param (?<name>\w+)( [\w\[\]]+)?(?<default> =)?", RegexOptions.Multiline)]
    private static partial Regex Parameter();

    [GeneratedRegex("path: '(?<path>/health[^']*)'")]
    private static partial Regex Path();

    private static string Read(string file) => File.ReadAllText(System.IO.Path.Combine(Repository.Root, "deploy", "keyservice", file));
}
