using AmsMigration.Benchmarks;
using AmsMigration.TestSupport;

// Prints the table of README "Benchmarks".
// usage: AmsMigration.Benchmarks [--rounds 5] [--megabytes 760] [--large 4000] [--packager PATH of shaka-packager's program]
//        [--worker PATH of amsmigrate-static, or of amsmigrate-static.dll] [--part conversion|protection|containers|module]
switch (args)
{
    case [TheirWay.Name, .. string[] rest]:
        await TheirWay.RunAsync(rest);
        return;
    case [TheirWay.UploadName, .. string[] rest]:
        await TheirWay.UploadAsync(rest);
        return;
}

int rounds = int.Parse(Argument("--rounds") ?? "5");
int megabytes = int.Parse(Argument("--megabytes") ?? "760");
string folder = Directory.CreateTempSubdirectory("amsmigration-benchmarks-").FullName;
try
{
    Conversion.Worker = Argument("--worker") is string worker ? new WorkerProgram(worker) : Conversion.Worker;
    var table = new Table();
    var material = new Material(folder);
    string? part = Argument("--part");
    if (part is null or "conversion")
    {
        await Conversion.RunAsync(table, material, megabytes, rounds, Argument("--packager"));
    }

    if (part is null or "protection")
    {
        await Protection.RunAsync(table, material, megabytes, rounds);
    }

    if (part is null or "containers")
    {
        await Containers.RunAsync(table, material, megabytes, int.Parse(Argument("--large") ?? "4000"), rounds, Argument("--packager"));
    }

    if (part is null or "module")
    {
        await Module.RunAsync(table, material, rounds);
    }

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
