using AmsMigration.Accounts;
using AmsMigration.Recommendations;
using YamlDotNet.RepresentationModel;

namespace AmsMigration.Infrastructure.Catalogue;

/// <summary>From the nodes of a YAML document to a catalogue; refuses what the schema does not have.</summary>
/// <param name="file">For messages.</param>
internal sealed class CatalogueReader(string file)
{
    private readonly Dictionary<string, CatalogueSource> _sources = new(StringComparer.Ordinal);

    public MigrationCatalogue Read(YamlNode root)
    {
        YamlMap map = YamlMap.Of(file, root, "the catalogue");
        int schema = map.Integer("schema");
        if (schema != MigrationCatalogue.SupportedSchema)
        {
            throw map.RefuseValue("schema", $"is {schema}; expected {MigrationCatalogue.SupportedSchema}");
        }

        string version = map.Text("version");
        ReadSources(map.Map("sources"));
        List<(MigrationOption Option, YamlMap Map)> options = [.. map.Items("options").Select(ReadOption)];
        if (options.Count == 0)
        {
            throw map.RefuseValue("options", "is empty; expected one option at least");
        }

        VersionGuide guide = ReadGuide(map.Map("versionGuide"));
        map.Close();
        CheckIds(options);
        CheckRequirements(options);
        return new MigrationCatalogue
        {
            Version = version,
            Sources = _sources,
            Options = [.. options.Select(entry => entry.Option)],
            VersionGuide = guide,
        };
    }

    private void ReadSources(YamlMap map)
    {
        foreach ((string id, _, YamlNode value) in map.TakeRest())
        {
            YamlMap source = YamlMap.Of(file, value, $"source '{id}'");
            DateTime date = source.TryDate("date") ?? throw source.Refuse($"source '{id}' lacks the key 'date'; expected when it said so");
            _sources.Add(id, new CatalogueSource(source.Text("title"), source.Text("link"), date));
            source.Close();
        }
    }

    private (MigrationOption Option, YamlMap Map) ReadOption(YamlNode node)
    {
        string id = YamlMap.Of(file, node, "an option").Text("id");
        YamlMap map = YamlMap.Of(file, node, $"option '{id}'");
        map.Text("id");
        IReadOnlyList<string> sources = map.Texts("sources");
        if (sources.Count == 0)
        {
            throw map.RefuseValue("sources", "is empty; expected the id of one source at least");
        }

        foreach (string source in sources)
        {
            CheckSource(map, "sources", source);
        }

        var option = new MigrationOption
        {
            Id = id,
            Name = map.Text("name"),
            Kind = map.Word<MigrationOptionKind>("kind"),
            Clouds = ReadClouds(map),
            Regions = map.TryText("regions"),
            Workloads = ReadWorkloads(map),
            Sources = sources,
            Deadline = map.TryDate("deadline"),
            Facts = map.TryMap("facts") is YamlMap facts ? ReadFacts(facts, sources[0]) : new Dictionary<OptionFact, CatalogueFact>(),
            Prerequisites = map.Texts("prerequisites"),
            Requires = map.Texts("requires"),
            NextStep = map.Text("nextStep"),
            Link = map.Text("link"),
            Table = map.TryMap("table") is YamlMap table ? ReadTable(table) : null,
        };
        map.Close();
        return (option, map);
    }

    private static AzureClouds ReadClouds(YamlMap map)
    {
        AzureClouds clouds = map.Words<AzureClouds>("clouds").Aggregate(AzureClouds.None, (all, cloud) => all | cloud);
        return clouds != AzureClouds.None ? clouds : throw map.RefuseValue("clouds", "names no cloud; expected Public, Government or China");
    }

    private static IReadOnlyList<MigrationWorkload> ReadWorkloads(YamlMap map)
    {
        IReadOnlyList<MigrationWorkload> workloads = map.Words<MigrationWorkload>("workloads");
        return workloads.Count > 0 ? workloads : throw map.RefuseValue("workloads", "is empty; expected one workload at least");
    }

    private Dictionary<OptionFact, CatalogueFact> ReadFacts(YamlMap map, string defaultSource)
    {
        Dictionary<OptionFact, CatalogueFact> facts = [];
        foreach ((string key, YamlNode keyNode, YamlNode value) in map.TakeRest())
        {
            string[] names = [.. Enum.GetNames(typeof(OptionFact)).Select(ToKey)];
            int index = Array.IndexOf(names, key);
            if (index < 0)
            {
                throw YamlMap.Refuse(file, keyNode, $"'{key}' is no fact; expected {string.Join(", ", names)}");
            }

            facts.Add((OptionFact)index, ReadFact(key, value, defaultSource));
        }

        return facts;
    }

    /// <summary>A word, or a mapping where there is more to say.</summary>
    private CatalogueFact ReadFact(string key, YamlNode node, string defaultSource)
    {
        if (node is not YamlMappingNode)
        {
            string word = YamlMap.Scalar(file, node, $"fact '{key}'");
            return new CatalogueFact(YamlMap.ParseWord<FactValue>(file, node, $"fact '{key}'", word), null, null, defaultSource);
        }

        YamlMap map = YamlMap.Of(file, node, $"fact '{key}'");
        var fact = new CatalogueFact(map.Word<FactValue>("value"), map.TryDate("until"), map.TryText("note"), map.TryText("source") ?? defaultSource);
        CheckSource(map, "source", fact.Source);
        map.Close();
        return fact;
    }

    private static GuideTableRow ReadTable(YamlMap map)
    {
        var row = new GuideTableRow(
            map.Text("availability"), map.Text("preservesUrls"), map.Text("dataMove"), map.Text("formats"), map.Text("protection"), map.Text("playerUpdate"));
        map.Close();
        return row;
    }

    private VersionGuide ReadGuide(YamlMap map)
    {
        List<GuideStep> scenarios = [.. map.Items("scenarios").Select(ReadStep)];
        var guide = new VersionGuide
        {
            Statement = map.Text("statement"),
            Source = map.Text("source"),
            Steps = [.. map.Items("steps").Select(ReadStep)],
            Scenarios = scenarios,
            Entities = [.. map.Items("entities").Select(node => ReadEntity(node, scenarios))],
        };
        CheckSource(map, "source", guide.Source);
        map.Close();
        return guide;
    }

    private GuideStep ReadStep(YamlNode node)
    {
        YamlMap map = YamlMap.Of(file, node, "a step");
        var step = new GuideStep(map.Text("title"), map.Text("link"));
        map.Close();
        return step;
    }

    private VersionedEntity ReadEntity(YamlNode node, List<GuideStep> scenarios)
    {
        YamlMap map = YamlMap.Of(file, node, "an entity");
        var entity = new VersionedEntity
        {
            V2 = map.Text("v2"),
            V3 = map.TryText("v3"),
            Scenario = map.Text("scenario"),
            ReadByV3 = map.Flag("read"),
            WrittenByV3 = map.Flag("write"),
            Note = map.TryText("note"),
            Identifiers = map.Texts("identifiers"),
        };
        if (!scenarios.Exists(scenario => scenario.Title == entity.Scenario))
        {
            throw map.RefuseValue("scenario", $"is '{entity.Scenario}'; expected {string.Join(", ", scenarios.Select(scenario => scenario.Title))}");
        }

        map.Close();
        return entity;
    }

    private void CheckSource(YamlMap map, string key, string source)
    {
        if (!_sources.ContainsKey(source))
        {
            throw map.RefuseValue(key, $"names the source '{source}', which is not there; expected {string.Join(", ", _sources.Keys)}");
        }
    }

    private static void CheckIds(List<(MigrationOption Option, YamlMap Map)> options)
    {
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach ((MigrationOption option, YamlMap map) in options)
        {
            if (!ids.Add(option.Id))
            {
                throw map.RefuseValue("id", "is taken by an option in front of it; expected an id of its own");
            }
        }
    }

    private static void CheckRequirements(List<(MigrationOption Option, YamlMap Map)> options)
    {
        Dictionary<string, MigrationOption> byId = options.ToDictionary(entry => entry.Option.Id, entry => entry.Option);
        foreach ((MigrationOption option, YamlMap map) in options)
        {
            if (option.Requires.FirstOrDefault(id => !byId.ContainsKey(id)) is string unknown)
            {
                throw map.RefuseValue("requires", $"names the option '{unknown}', which is not there");
            }
        }

        foreach ((MigrationOption option, YamlMap map) in options)
        {
            if (FindCycle(option, byId) is IReadOnlyList<string> cycle)
            {
                throw map.RefuseValue("requires", $"leads back to itself: {string.Join(" -> ", cycle)}");
            }
        }
    }

    /// <summary>The way from an option back to itself; null where there is none. Ids of <c>requires</c> are known to be there.</summary>
    private static List<string>? FindCycle(MigrationOption start, Dictionary<string, MigrationOption> byId)
    {
        var ways = new Queue<List<string>>([[start.Id]]);
        var seen = new HashSet<string>();
        while (ways.Count > 0)
        {
            List<string> way = ways.Dequeue();
            foreach (string next in byId[way[way.Count - 1]].Requires)
            {
                if (next == start.Id)
                {
                    return [.. way, next];
                }

                if (seen.Add(next))
                {
                    ways.Enqueue([.. way, next]);
                }
            }
        }

        return null;
    }

    private static string ToKey(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
}
