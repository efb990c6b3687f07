namespace AmsMigration.Benchmarks;

/// <summary>What encryption costs: the worker with each scheme beside itself in the clear, in turns, in the layout that the scheme needs.</summary>
internal static class Protection
{
    private const string Key = "9259eb06-eeee-4f77-987f-48f4ea5c649f:00112233445566778899aabbccddeeff";

    private static readonly (string Name, string[] Options, string? Beside)[] _ways =
    [
        ("in the clear", [], null),
        ("Cenc", ["--protection", "Cenc", "--content-key", Key], "in the clear"),
        ("Cbcs", ["--protection", "Cbcs", "--content-key", Key], "in the clear"),
        ("in the clear, Segmented", ["--layout", "Segmented"], null),
        (
            "Aes128, Segmented",
            ["--layout", "Segmented", "--protection", "Aes128", "--content-key", Key, "--license-uri", "ClearKey=https://keys.example.com/?kid={KeyIdGuid}"],
            "in the clear, Segmented"),
    ];

    public static async Task RunAsync(Table table, Material material, int megabytes, int rounds)
    {
        string asset = await material.FilmAsync(megabytes);
        Dictionary<string, List<Measured>> runs = _ways.ToDictionary(way => way.Name, _ => new List<Measured>());
        for (int i = 0; i < rounds; i++)
        {
            // There and back: what one run leaves in the caches of the machine is not always the same one's.
            foreach ((string name, string[] options, _) in i % 2 == 0 ? _ways : _ways.Reverse())
            {
                runs[name].Add(await Conversion.IntoAsync(material, output => Conversion.WorkerAsync(asset, output, options)));
            }
        }

        foreach ((string name, _, string? beside) in _ways)
        {
            Measured median = Measured.Median(runs[name]);
            string note = beside is null ? "" : Table.Ratio(median, beside, Measured.Median(runs[beside]));
            table.Add($"worker, {megabytes} MB, {name}", median, note);
        }
    }
}
