using System.Reflection;

namespace AmsMigration.TestSupport;

/// <summary>
/// How the console program is started: the one that was built with the tests, or the one that the variable <c>AMSMIGRATE_STATIC</c> names, such as that which
/// is compiled to machine code.
/// </summary>
public sealed class WorkerProgram
{
    private readonly string _path;

    /// <param name="tests">Says in its metadata, under <c>WorkerPath</c>, where the build puts the program.</param>
    public WorkerProgram(Assembly tests) => _path = Environment.GetEnvironmentVariable("AMSMIGRATE_STATIC") is { Length: > 0 } named
        ? named
        : tests.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "WorkerPath").Value!;

    /// <summary>What is started.</summary>
    public string FileName => _path.EndsWith(".dll", StringComparison.Ordinal) ? "dotnet" : _path;

    /// <summary>With the program's own in front, where the runtime starts it.</summary>
    public string[] Arguments(IEnumerable<string> arguments) => FileName == _path ? [.. arguments] : [_path, .. arguments];
}
