using AmsMigration.Benchmarks;

// Prints the table of README "Benchmarks". usage: AmsMigration.Benchmarks [--rounds 5] [--megabytes 760] [--packager PATH of shaka-packager's program]
int rounds = int.Parse(Argument("--rounds") ?? "5");
int megabytes = int.Parse(Argument("--megabytes") ?? "760");
string folder = Directory.CreateTempSubdirectory("amsmigration-benchmarks-").FullName;
try
{
    var table = new Table();
    await Conversion.RunAsync(table, new Material(folder), megabytes, rounds, Argument("--packager"));
    await Containers.RunAsync(table, new Material(folder), megabytes, rounds, Argument("--packager"));
    await Module.RunAsync(table, new Material(folder), rounds);
    Console.Write(table);
}
finally
{
    Directory.Delete(folder, recursive: true);
}

string? Argument(string name)
{
    int i = Array.IndexOf(args, name);
    return i >= 0 && i + 1 < args.Length ? args[i + 1] : null;
}
