using System.Reflection;
#if NET
using System.Runtime.Loader;
#endif

namespace AmsMigration.Isolation;

/// <summary>
/// Finds the assemblies in the module's <c>dependencies</c> folder, so that other modules' copies of the same packages neither serve nor disturb us.
/// </summary>
/// <remarks>
/// PowerShell 7: a load context of our own. Hooking <c>AssemblyLoadContext.Default.Resolving</c> for the packages would not isolate: the handler of Az.Accounts
/// hangs there too and answers for our <c>Azure.Core</c> where it was imported first. So only one name crosses over by that event,
/// AmsMigration.Infrastructure; what it asks for starts in our context, whose Load looks in its own folder before anywhere else.
/// Windows PowerShell 5.1 has no load contexts: there the handler stands in for binding redirects, and what another module loaded first stays.
/// </remarks>
internal static class DependencyLoader
{
    private static readonly string ModuleFolder = Path.GetDirectoryName(typeof(DependencyLoader).Assembly.Location)!;
    private static readonly string DependencyFolder = Path.Combine(ModuleFolder, "dependencies");
    private static readonly object Lock = new();
    private static int _imports;

    /// <summary>Once for each runspace that imports the module.</summary>
    public static void Attach()
    {
        lock (Lock)
        {
            if (_imports++ == 0)
            {
                Hook();
            }
        }
    }

    public static void Detach()
    {
        lock (Lock)
        {
            if (_imports > 0 && --_imports == 0)
            {
                Unhook();
            }
        }
    }

#if NET
    private const string Bridge = "AmsMigration.Infrastructure";

    // Outlives the import: types of the first import stay in the process, and a second context would give each dependency a second identity.
    private static readonly DependencyContext Context = new();

    private static void Hook() => AssemblyLoadContext.Default.Resolving += Resolve;

    private static void Unhook() => AssemblyLoadContext.Default.Resolving -= Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) => name.Name switch
    {
        Bridge => Context.LoadFromAssemblyName(name),
        "AmsMigration.Core" or "AmsMigration.Packaging" => context.LoadFromAssemblyPath(Path.Combine(ModuleFolder, name.Name + ".dll")),
        _ => null,
    };

    /// <summary>Null for what is not in the folder, AmsMigration.Core and System.Management.Automation among it: the default context has the one copy.</summary>
    private sealed class DependencyContext() : AssemblyLoadContext("AmsMigration")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string file = Path.Combine(DependencyFolder, assemblyName.Name + ".dll");
            return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }
#else
    private static void Hook() => AppDomain.CurrentDomain.AssemblyResolve += Resolve;

    private static void Unhook() => AppDomain.CurrentDomain.AssemblyResolve -= Resolve;

    private static Assembly? Resolve(object sender, ResolveEventArgs arguments)
    {
        var wanted = new AssemblyName(arguments.Name);
        string file = Path.Combine(DependencyFolder, wanted.Name + ".dll");
        if (!File.Exists(file) || AssemblyName.GetAssemblyName(file).Version < wanted.Version)
        {
            return null;
        }

        return Assembly.LoadFrom(file);
    }
#endif
}
