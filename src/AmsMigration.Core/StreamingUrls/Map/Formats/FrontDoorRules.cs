using System.Globalization;
using AmsMigration.Runs;

namespace AmsMigration.StreamingUrls.Map.Formats;

/// <summary>
/// Rule sets of Azure Front Door Standard or Premium as templates of Azure Resource Manager. A rule leads to one address from as many as ten; a set has at most
/// 100 rules, a profile 100 sets (Premium 200), and a template 800 resources and 4 MB.
/// </summary>
internal static class FrontDoorRules
{
    public const int MaxSets = 100;

    private const int ValuesInRule = 10;
    private const int RulesInSet = 100;
    private const int SetsInTemplate = 5;
    private const string ApiVersion = "2023-05-01";

    /// <summary>Templates, in the order in which they are to be deployed; none where there is no rule.</summary>
    public static IEnumerable<MapFile> Files(IReadOnlyList<StreamingRule> rules)
    {
        List<Redirection> redirections = Group(rules);
        int perTemplate = RulesInSet * SetsInTemplate;
        for (int first = 0; first < redirections.Count; first += perTemplate)
        {
            int start = first;
            yield return new MapFile(
                $"{MapFile.FrontDoorPrefix}{Number((first / perTemplate) + 1)}.json",
                text => text.Write(Template(redirections.GetRange(start, Math.Min(perTemplate, redirections.Count - start)), start / RulesInSet)));
        }
    }

    /// <summary>How many sets the rules take.</summary>
    public static int CountSets(IReadOnlyList<StreamingRule> rules) => (Group(rules).Count + RulesInSet - 1) / RulesInSet;

    private static List<Redirection> Group(IReadOnlyList<StreamingRule> rules) =>
    [
        .. rules.GroupBy(rule => rule.To)
            .SelectMany(same => same
                .Select((rule, i) => (Path: rule.From.RelativePath.ToLowerInvariant(), Rule: i / ValuesInRule))
                .GroupBy(path => path.Rule, path => path.Path)
                .Select(paths => new Redirection(new Uri(same.Key), [.. paths.Distinct()]))),
    ];

    private static string Template(List<Redirection> redirections, int setsBefore)
    {
        IEnumerable<(int Set, int Order, Redirection Redirection)> rules = redirections.Select((redirection, i) =>
            (setsBefore + (i / RulesInSet) + 1, (i % RulesInSet) + 1, redirection));
        IEnumerable<(int Set, int Order, Redirection? Redirection)> resources = rules
            .GroupBy(rule => rule.Set)
            .SelectMany(set => set.Select(rule => (rule.Set, rule.Order, (Redirection?)rule.Redirection)).Prepend((set.Key, 0, null)));
        return new JsonBuilder(linesToDepth: 2)
            .Add("$schema", "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#")
            .Add("contentVersion", "1.0.0.0")
            .AddObject("parameters", parameters => parameters.AddObject("profileName", parameter => parameter.Add("type", "string")))
            .AddList("resources", resources, (json, resource) => Add(json, resource.Set, resource.Order, resource.Redirection))
            .Build() + "\n";
    }

    private static void Add(JsonBuilder json, int set, int order, Redirection? redirection)
    {
        string setName = "AmsStreamingUrls" + Number(set);
        if (redirection is null)
        {
            json.Add("type", "Microsoft.Cdn/profiles/ruleSets").Add("apiVersion", ApiVersion).Add("name", $"[concat(parameters('profileName'), '/{setName}')]");
            return;
        }

        json.Add("type", "Microsoft.Cdn/profiles/ruleSets/rules")
            .Add("apiVersion", ApiVersion)
            .Add("name", $"[concat(parameters('profileName'), '/{setName}/Url{Number(order)}')]")
            .AddList("dependsOn", [$"[resourceId('Microsoft.Cdn/profiles/ruleSets', parameters('profileName'), '{setName}')]"])
            .AddObject("properties", properties => properties
                .Add("order", order)
                .Add("matchProcessingBehavior", "Stop")
                .AddList("conditions", [redirection], AddCondition)
                .AddList("actions", [true, false], (action, isRedirection) => AddAction(action, isRedirection ? redirection.To : null)));
    }

    private static void AddCondition(JsonBuilder condition, Redirection redirection) => condition
        .Add("name", "UrlPath")
        .AddObject("parameters", parameters => parameters
            .Add("typeName", "DeliveryRuleUrlPathMatchConditionParameters")
            .Add("operator", "Equal")
            .Add("negateCondition", false)
            .AddList("transforms", ["UrlDecode", "Lowercase"])
            .AddList("matchValues", redirection.Paths));

    /// <param name="to">Null for the header that players on other sites need on the redirection, too.</param>
    private static void AddAction(JsonBuilder action, Uri? to)
    {
        if (to is null)
        {
            action.Add("name", "ModifyResponseHeader").AddObject("parameters", parameters => parameters
                .Add("typeName", "DeliveryRuleHeaderActionParameters")
                .Add("headerAction", "Overwrite")
                .Add("headerName", "Access-Control-Allow-Origin")
                .Add("value", "*"));
            return;
        }

        action.Add("name", "UrlRedirect").AddObject("parameters", parameters => parameters
            .Add("typeName", "DeliveryRuleUrlRedirectActionParameters")
            .Add("redirectType", "Found")
            .Add("destinationProtocol", to.Scheme == Uri.UriSchemeHttps ? "Https" : "Http")
            .Add("customHostname", to.Host)
            .Add("customPath", to.AbsolutePath));
    }

    private static string Number(int number) => number.ToString("000", CultureInfo.InvariantCulture);

    /// <param name="Paths">Decoded, in lower case, without the slash in front.</param>
    private sealed record Redirection(Uri To, string[] Paths);
}
