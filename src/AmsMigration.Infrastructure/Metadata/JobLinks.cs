using System.Text.Json;
using AmsMigration.Infrastructure.Accounts;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>Which jobs made an asset, and from what.</summary>
internal sealed class JobLinks
{
    private readonly Dictionary<string, List<(string Job, string[] Inputs)>> _byOutput = new(StringComparer.OrdinalIgnoreCase);

    public void Add(string transform, JsonElement job)
    {
        JsonElement properties = ServiceJson.Properties(job);
        string[] inputs = [.. ServiceJson.AssetNames(Json.Find(properties, "input") ?? default).Distinct(StringComparer.OrdinalIgnoreCase)];
        string name = $"{transform}/{Json.Text(job, "name")}";
        foreach (string output in ServiceJson.AssetNames(Json.Find(properties, "outputs") ?? default).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (!_byOutput.TryGetValue(output, out List<(string, string[])>? jobs))
            {
                _byOutput[output] = jobs = [];
            }

            jobs.Add((name, inputs));
        }
    }

    public string[] JobsOf(string asset) => [.. Of(asset).Select(link => link.Job)];

    public string[] InputsOf(string asset) => [.. Of(asset).SelectMany(link => link.Inputs).Distinct(StringComparer.OrdinalIgnoreCase)];

    private IEnumerable<(string Job, string[] Inputs)> Of(string asset) => _byOutput.TryGetValue(asset, out List<(string, string[])>? jobs) ? jobs : [];
}
